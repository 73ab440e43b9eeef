"""Reads the TOML file, checks what its shape cannot say, and makes every relative path absolute from the file."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ucmcert.config.credentials import absolute_reference, is_reference, literal_password
from ucmcert.config.csr_objections import csr_objections
from ucmcert.config.schema import AccountSection, AuthoritySection, Config, ConsumerSection
from ucmcert.config.trouble import bad_value, no_file, not_toml, wrong_shape
from ucmcert.errors import UsageError
from ucmcert.knowledge.consumers import BY_KIND
from ucmcert.model.certificate import read_certificates_pem
from ucmcert.model.node import REAL_PORTS
from ucmcert.model.ports import Trust

STATE_FOLDER = "ucmcert-state"
LEAF = re.compile(r"[0-9a-f]{64}")
HOST_KEY = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")


def load_config(path: Path) -> Config:
    """Read and check the file at `path`; every path in the answer is absolute.

    Raises UsageError UCM-CONFIG-001 (unreadable), -002 (not TOML), -003 (unknown key), -004 (missing key), -005 (wrong
    value), -006 (a password in the file). No message repeats a value of the file.
    """
    file = path.absolute()
    try:
        raw = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise no_file(file, error) from None
    except tomllib.TOMLDecodeError as error:
        raise not_toml(file, str(error)) from None
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as error:
        raise wrong_shape(file, Config, raw, str(error)) from None
    config = _absolute(config, file.parent)
    for trouble in _objections(config, file):
        raise trouble
    for item, why in csr_objections(config.csr):
        raise bad_value(file, item, why)
    return config


def read_trust(config: Config, file: Path) -> Trust:
    """The anchors as DER and the pinned leaves of `config`, which was loaded from `file`.

    Raises UsageError UCM-CONFIG-005 when an anchor cannot be read or holds no certificate.
    """
    anchors: list[bytes] = []
    for name in config.trust.anchors:
        try:
            found = read_certificates_pem(Path(name).read_bytes())
        except OSError as error:
            raise bad_value(file, "trust, anchors", f"{name}: {error.strerror}") from error
        except ValueError as error:
            raise bad_value(file, "trust, anchors", f"{name}: {error}") from error
        if not found:
            raise bad_value(file, "trust, anchors", f"{name} holds no PEM certificate")
        anchors.extend(one.der for one in found)
    return Trust(anchors=tuple(anchors), leaf_sha256=frozenset(config.trust.tls_sha256))


def _absolute(config: Config, folder: Path) -> Config:
    replace = msgspec.structs.replace
    trust, credentials, authority = config.trust, config.credentials, config.authority
    pins = tuple(pin.replace(":", "").strip().lower() for pin in trust.tls_sha256)
    return replace(
        config,
        state=str(folder / (config.state or STATE_FOLDER)),
        trust=replace(trust, anchors=tuple(str(folder / one) for one in trust.anchors), tls_sha256=pins),
        credentials=replace(
            credentials,
            os_admin=_absolute_account(credentials.os_admin, folder),
            app_admin=_absolute_account(credentials.app_admin, folder),
        ),
        authority=_absolute_authority(authority, folder) if authority else None,
        consumers=tuple(
            replace(one, os_admin=_absolute_account(one.os_admin, folder)) if one.os_admin else one
            for one in config.consumers
        ),
    )


def _absolute_authority(authority: AuthoritySection, folder: Path) -> AuthoritySection:
    described = str(folder / authority.description) if authority.description else ""
    return msgspec.structs.replace(authority, folder=str(folder / authority.folder), description=described)


def _absolute_account(account: AccountSection, folder: Path) -> AccountSection:
    return msgspec.structs.replace(account, password=absolute_reference(account.password, folder))


def _objections(config: Config, file: Path) -> Iterator[UsageError]:
    for name, account in (("os_admin", config.credentials.os_admin), ("app_admin", config.credentials.app_admin)):
        if not is_reference(account.password):
            yield literal_password(f"{file}, credentials, {name}, password")
    if not config.trust.anchors and not config.trust.tls_sha256:
        yield bad_value(
            file,
            "trust",
            "expected `anchors` or `tls_sha256`: without either no node can be told from an impostor",
            next_step="run `ucmcert init` to see and confirm the fingerprints",
        )
    if not all(LEAF.fullmatch(pin) for pin in config.trust.tls_sha256):
        yield bad_value(file, "trust, tls_sha256", "expected SHA-256 fingerprints of 64 hex digits")
    names = [node.name.lower() for node in config.nodes]
    for number, node in enumerate(config.nodes, start=1):
        item = f"nodes, number {number} ({node.name})"
        if names.index(node.name.lower()) != number - 1:
            yield bad_value(file, item, "this node stands twice in the file")
        if node.ssh_host_key and not HOST_KEY.fullmatch(node.ssh_host_key):
            yield bad_value(file, f"{item}, ssh_host_key", "expected an OpenSSH fingerprint like SHA256:jXk...")
        if any(port not in REAL_PORTS and not port.isdigit() for port in node.ports):
            yield bad_value(file, f"{item}, ports", f"expected {', '.join(REAL_PORTS)} or a real port number as key")
    yield from _around(config, file)


def _around(config: Config, file: Path) -> Iterator[UsageError]:
    """What stands against the consumers and the windows."""
    for number, consumer in enumerate(config.consumers, start=1):
        if consumer.kind not in BY_KIND:
            item = f"consumer, number {number} ({consumer.name}), kind"
            yield bad_value(file, item, f"expected one of {', '.join(BY_KIND)}")
        elif consumer.os_admin is not None:
            yield from _peer_login(consumer, f"consumer, number {number} ({consumer.name})", file)
    for number, window in enumerate(config.windows, start=1):
        if not window.days:
            yield bad_value(file, f"window, number {number}, days", "expected at least one day")
        if not _known_zone(window.timezone):
            yield bad_value(
                file,
                f"window, number {number}, timezone",
                "expected an IANA name like Europe/Paris that this machine knows",
                next_step="correct the name, or install the tzdata package of this system",
            )


def _peer_login(consumer: ConsumerSection, item: str, file: Path) -> Iterator[UsageError]:
    if consumer.os_admin is not None and not is_reference(consumer.os_admin.password):
        yield literal_password(f"{file}, {item}, os_admin, password")
    if not HOST_KEY.fullmatch(consumer.ssh_host_key):
        yield bad_value(file, f"{item}, ssh_host_key", "expected an OpenSSH fingerprint like SHA256:jXk...")
    if not BY_KIND[consumer.kind].own_store:
        readable = ", ".join(row.kind for row in BY_KIND.values() if row.own_store)
        yield bad_value(file, f"{item}, os_admin", f"only of these the trust store can be read: {readable}")


def _known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
