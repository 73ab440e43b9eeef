"""The phones as rows: what one is, where a scenario's come from, and how they are kept in the state folder."""
