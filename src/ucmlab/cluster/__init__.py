"""The model of a cluster: nodes, services, certificates, replication, backups. Knows no protocol and no socket."""
