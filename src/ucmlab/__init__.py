"""ucmlab is an embedded CUCM cluster: it speaks the real interfaces and refuses what CUCM refuses."""
