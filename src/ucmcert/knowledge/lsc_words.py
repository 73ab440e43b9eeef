"""The product's own words around a phone's LSC, as its pages and AXL spell them."""

from typing import Literal

# Words of the phone page; "By Authentication String" is left out: a person would type one at every phone.
LscAuthentication = Literal[
    "By Null String",
    "By Existing Certificate (precedence to LSC)",
    "By Existing Certificate (precedence to MIC)",
]
