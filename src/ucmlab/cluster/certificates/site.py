"""Who a node is, as far as its certificates care: names, release, and what was typed at installation."""

import msgspec

from ucmlab.cluster.certificates.purposes import Purpose, purposes_of
from ucmlab.cluster.certificates.refusals import not_for_csr
from ucmlab.scenarios.schema import Ocsp, Organisation, Role

LONGEST_COMMON_NAME = 64


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """Names and release of one node; `cluster_names` are the FQDNs of all nodes of the cluster by product.

    `alternate_host_name`: set by `set web-security`, a name or an address that all later CSRs carry; "" for none.
    """

    host: str
    domain: str
    role: Role
    product: str
    version: str
    organisation: Organisation
    token: str
    cluster_names: dict[str, tuple[str, ...]] = {}
    alternate_host_name: str = ""
    fips: bool = False
    ocsp: Ocsp = Ocsp()

    @property
    def fqdn(self) -> str:
        """Host and domain."""
        return f"{self.host}.{self.domain}"

    def purposes(self) -> tuple[Purpose, ...]:
        """The identities this node has."""
        return purposes_of(product=self.product, role=self.role, version=self.version)

    def purpose(self, name: str) -> Purpose:
        """A purpose of this node by its exact name. Raises Refusal E8."""
        for purpose in self.purposes():
            if purpose.name == name:
                return purpose
        raise not_for_csr()

    def sharers(self, purpose: Purpose) -> tuple[str, ...]:
        """FQDNs of the nodes that share a multi-server certificate of this purpose."""
        return tuple(name for product in purpose.products for name in self.cluster_names.get(product, ()))

    def common_name(self, purpose: Purpose, *, multi_server: bool = False) -> str:
        """The CN the product proposes. Source: procedure.md 1.1 for multi-server.

        One that X.509 has no room for loses its domain: what the product does then is not published (4.1 P15 [I]).
        """
        if multi_server:
            middle = "-EC-ms" if purpose.key_type == "ec" else "-ms"
            proposed = f"{self.host}{middle}.{self.domain}"
        else:
            proposed = purpose.common_name.format(host=self.host, fqdn=self.fqdn, domain=self.domain, token=self.token)
        if len(proposed) <= LONGEST_COMMON_NAME:
            return proposed
        return proposed.partition(".")[0][:LONGEST_COMMON_NAME]
