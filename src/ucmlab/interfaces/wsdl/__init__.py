"""The WSDLs of the SOAP applications, written from interfaces-http.md, and how they are served."""
