"""The certificate management API of release 14 and later."""
