"""ucmcert renews every CA-signed certificate of a CUCM cluster, end to end, and proves each step."""
