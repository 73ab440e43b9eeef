"""The phones: how one boots, what it trusts, and a crowd of them over the cluster's clock."""
