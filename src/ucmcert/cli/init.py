"""`ucmcert init`: writes a configuration by asking the publisher. Nobody is trusted before a person, or a given pin."""

from pathlib import Path

import click

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import DEFAULT_CONFIG, ProgramCommand, output_options

PORT = click.IntRange(1, 65535)


@click.command(cls=ProgramCommand)
@click.argument("host")
@click.option("--user", default="admin", show_default=True, help="OS administrator.")
@click.option("--app-user", default="", help="Application user [default: asked for].")
@click.option("--os-password", default="", metavar="REF", help="Where it is: env:NAME, file:PATH ...")
@click.option("--app-password", default="", metavar="REF", help="The same for the application user.")
@click.option("--port-https", type=PORT, help="Instead of 443.")
@click.option("--port-https-alt", type=PORT, help="Instead of 8443.")
@click.option("--port-ssh", type=PORT, help="Instead of 22.")
@click.option("--tls-sha256", multiple=True, metavar="HEX", help="A leaf to accept (repeatable).")
@click.option("--ssh-host-key", multiple=True, metavar="SHA256:...", help="A host key to accept (repeatable).")
@click.option("--cluster", default="", metavar="NAME", help="What to call the cluster.")
@click.option("-o", "--output", "file", type=click.Path(path_type=Path), default=DEFAULT_CONFIG, show_default=True)
@click.option("--yes", is_flag=True, help="Take the fingerprints as they are shown.")
@click.option("--force", is_flag=True, help="Write over an existing file.")
@output_options
def command(
    host: str,
    *,
    user: str,
    app_user: str,
    os_password: str,
    app_password: str,
    port_https: int | None,
    port_https_alt: int | None,
    port_ssh: int | None,
    tls_sha256: tuple[str, ...],
    ssh_host_key: tuple[str, ...],
    cluster: str,
    file: Path,
    yes: bool,
    force: bool,
    as_json: bool,
    lang: str,
) -> int:
    """Write a configuration by asking HOST, the publisher: see its fingerprints, confirm, list and pin the nodes."""
    from ucmcert.cli.ports import SystemClock
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import run
    from ucmcert.cli.setup.asking_publisher import Wanted, ask_publisher
    from ucmcert.cli.setup.config_text import config_text
    from ucmcert.cli.setup.confirming import Expected, normal_sha256
    from ucmcert.cli.setup.found import Account
    from ucmcert.cli.setup.outcome import init_blocks, init_shape
    from ucmcert.cli.setup.references import reference_for, user_for
    from ucmcert.cli.setup.sight import Sight
    from ucmcert.cli.setup.writing import must_be_free, write_config
    from ucmcert.ucm.connect import RealConnect
    from ucmcert.ucm.ssh import fetch_host_key

    must_be_free(file, force=force)
    folder = file.absolute().parent
    app_user = user_for(app_user, lang=lang)
    os_reference = reference_for(os_password, "os_admin", folder=folder, option="--os-password", lang=lang)
    app_reference = reference_for(app_password, "app_admin", folder=folder, option="--app-password", lang=lang)
    ports = {"https": port_https, "https_alt": port_https_alt, "ssh": port_ssh}
    wanted = Wanted(
        host=host,
        ports={name: port for name, port in ports.items() if port},
        cluster=cluster,
        os_admin=Account(user=user, reference=os_reference),
        app_admin=Account(user=app_user, reference=app_reference),
        expected=Expected(
            tls_sha256=frozenset(normal_sha256(one) for one in tls_sha256),
            ssh_host_keys=frozenset(ssh_host_key),
            yes=yes,
        ),
        folder=folder,
    )
    printer = Printer(lang=lang, as_json=as_json)
    sight = Sight(connect=RealConnect(), fetch_host_key=fetch_host_key)
    found = run(ask_publisher(wanted, sight, SystemClock(), printer))
    write_config(file, config_text(found), force=force)
    printer.show(init_blocks(found, file, lang))
    printer.result(init_shape(found, file))
    return DONE if all(one.complete for one in found.nodes) else FINDINGS
