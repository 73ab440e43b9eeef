"""A backup that holds the new keys: a restore from an older one would lock the phones out (I11).

Made by us where the configuration lets us, else by a person; either way it shows in the history of disaster recovery.
Source: phones.md I11; procedure.md 3.4 CCM-10, 4.2 Q8; interfaces-cli.md 5.10.
"""

import re

from ucmcert.model.cluster import Backup
from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Outside, Todo, Unclear
from ucmcert.run.surprises import finding, surprise

GOOD = re.compile(r"\bSUCCESS", re.IGNORECASE)


async def observe(context: Context, step: Step) -> Observation:
    """Done when the newest entry of the history is another than before our intention, and a success."""
    node = context.cluster.publisher.node
    backup = await context.client.backup(node)
    context.learn(node.name, backup=backup)
    intended = context.history.intended.get(step.id)
    if backup.running:
        what = "a backup or restore is running"
        return Unclear(code="UCM-RUN-013", what=what, why="its end is waited for", again_s=context.limits.look_s)
    if intended is None:
        return Todo(baseline=_entry(backup))
    if _entry(backup) != intended.baseline:
        if GOOD.search(backup.last_result):
            fact = f"backup {backup.last_file} ended {backup.last_result}, after the last change of certificates"
            proof = context.evidence(fact, f"disaster recovery of {node.name}")
            return Done(evidence=(proof,), facts={"file": backup.last_file})
        if context.dialogues.get(step.id) is not None:
            return surprise("UCM-RUN-028", node.name, result=backup.last_result or "unknown", file=backup.last_file)
        return Todo(baseline=_entry(backup))
    if not step.detail.get("device"):
        asked = finding("UCM-RUN-027", node.name)
        return Outside(who="person", what=asked.what, next=asked.next)
    if context.clock.now() - intended.at < context.limits.settle_s:
        what = "the backup does not show yet"
        return Unclear(code="UCM-RUN-037", what=what, why="it may be starting", again_s=context.limits.look_s)
    return Todo(baseline=_entry(backup))


async def act(context: Context, step: Step) -> str:
    """Start it; the node's words. Without a device nothing is sent: what a person must make newer is kept by then."""
    device = step.detail.get("device", "")
    if not device:
        return "a person makes it"
    return await context.client.start_backup(context.cluster.publisher.node, device)


def _entry(backup: Backup) -> dict[str, str]:
    return {"file": backup.last_file, "result": backup.last_result}
