"""What other people do to a cluster and its phones while a run is under way; each is done once, when it is called."""

from collections.abc import Callable, Iterable

from simulation.world import World

TVS, TFTP = "Cisco Trust Verification Service", "Cisco Tftp"
CALLMANAGER, CTI = "Cisco CallManager", "Cisco CTIManager"
HOUR_S = 3600.0
Deed = Callable[[World], None]


def off_for(seconds: float, names: Iterable[int] = (2, 3)) -> Deed:
    """Some phones lose their power, and get it back after so many seconds."""

    def do(world: World) -> None:
        every = world.lab.phones.names()
        mine = [every[number] for number in names]
        for name in mine:
            world.lab.phones.power(name, False)

        def back() -> None:
            for name in mine:
                world.lab.phones.power(name, True)

        world.lab.clock.call_later(seconds, back)

    return do


def regenerated(purpose: str, *services: str) -> Deed:
    """Somebody renews `purpose` on every node by hand, and restarts these services."""

    def do(world: World) -> None:
        for node in world.lab.nodes.values():
            node.certificates.regenerate(purpose)
            for name in services:
                node.services[name].begin("restart")

    return do


def restarted(node: str, service: str) -> Deed:
    """Somebody restarts a service of one node."""
    return lambda world: world.lab.nodes[node].services[service].begin("restart")


def stopped(service: str, for_s: float) -> Deed:
    """Somebody stops a service on every node, and starts it again later."""

    def do(world: World) -> None:
        for node in world.lab.nodes.values():
            node.services[service].begin("stop")

        def back() -> None:
            for node in world.lab.nodes.values():
                node.services[service].begin("start")

        world.lab.clock.call_later(for_s, back)

    return do


def service(world: World, name: str, action: str, node: str = "cucm-sub1") -> None:
    """Somebody starts, stops or restarts a service by hand."""
    world.lab.nodes[node].services[name].begin(action)


def everybody_has_power(world: World) -> None:
    """Whoever had none gets it back."""
    for name in world.lab.phones.names():
        world.lab.phones.power(name, True)
