"""`kotowari keys`: the keys that personal data in the database are sealed with, and changing them."""

import click

from kotowari.cli.answers import REFUSED, CannotGoOn, json_option, say, show_json
from kotowari.cli.surroundings import with_django
from kotowari.kernel.text import Text


@click.group()
def keys() -> None:
    """個人情報の暗号鍵 / the keys that personal data are sealed with."""


@keys.command()
@json_option
@with_django
def show(as_json: bool) -> None:
    """鍵と、それで開く値の件数 / each key, newest first, and how many values it still opens."""
    from kotowari.foundation.crypto import keyring
    from kotowari.foundation.sealed import keys_in_use

    opens = keys_in_use()
    ring = keyring()
    known = [key.id.hex() for key in ring.seal_keys]
    missing = sorted(set(opens) - set(known))
    if as_json:
        show_json(
            {
                "seal": [{"id": id, "opens": opens[id]} for id in known],
                "index": [key.id.hex() for key in ring.index_keys],
                "missing": [{"id": id, "opens": opens[id]} for id in missing],
            }
        )
    else:
        for id in known:
            click.echo(str(Text("seal  {id}  {n}件", "seal  {id}  opens {n}").format(id=id, n=f"{opens[id]:,}")))
        for key in ring.index_keys:
            click.echo(f"index {key.id.hex()}")
        for id in missing:
            words = Text("鍵がありません: {id}({n}件が開けません)", "missing: {id} ({n} values cannot be opened)")
            click.echo(str(words.format(id=id, n=f"{opens[id]:,}")))
    if missing:
        raise click.exceptions.Exit(REFUSED)


@keys.command()
@click.argument("kind", type=click.Choice(["seal", "index"]))
@with_django
def add(kind: str) -> None:
    """新しい鍵を先頭に加える / put a new key first; then renew."""
    from kotowari.foundation import crypto

    try:
        id = crypto.add_seal_key() if kind == "seal" else crypto.add_index_key()
    except crypto.KeyringInvalid as error:
        raise CannotGoOn(
            Text(
                f"鍵は環境変数 {crypto.KEYRING_VARIABLE} から来ています。新しい鍵はそこに加えてください。",
                f"The keys come from {crypto.KEYRING_VARIABLE}: please add the new key there.",
            )
        ) from error
    click.echo(id)
    say(
        Text(
            "新しい鍵を加えました。鍵ファイルの控えを取り、kotowari keys renew で古い値を封じ直してください。",
            "The new key is first. Copy the keyring to its safe place, then `kotowari keys renew` seals older values anew.",
        )
    )


@keys.command()
@with_django
def renew() -> None:
    """古い鍵の値を封じ直す / seal anew whatever an older key sealed; may be stopped and started again."""
    from kotowari.foundation.sealed import SEALED, reseal

    owners = {seal.owner for seal in SEALED.values() if seal.owner is not None}
    unreadable = 0
    for model in sorted(owners, key=lambda model: model._meta.label):
        done = reseal(model)
        name = model._meta.verbose_name
        say(Text(f"{model._meta.label}: {done.renewed:,}件を封じ直しました", f"{name}: {done.renewed:,} rows renewed"))
        for row, label in done.unreadable:
            unreadable += 1
            say(Text(f"開けません: {label} {row}", f"does not open: {label} of {row}"))
    if unreadable:
        raise CannotGoOn(
            Text(
                f"{unreadable}件は開けず、そのままにしました。足りない鍵は kotowari keys show で分かります。",
                f"{unreadable} values do not open and were left alone. `kotowari keys show` says which key is missing.",
            )
        )
    say(Text("すべて新しい鍵で封じられています。", "Everything is sealed with the newest keys."))
