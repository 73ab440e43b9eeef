"""Plumbing of the web interfaces: messages, login, Tomcat's pages, and the way of an operation from door to door."""
