"""The lab's sockets: listeners that follow the cluster, their addresses and ports, and what a client is handed."""
