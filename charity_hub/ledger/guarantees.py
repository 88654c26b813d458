"""The guarantees that ``migrate`` installs: each function, view, trigger and constraint, and its hash.

``manage.py verify_ledger --write-guarantees`` writes ``data/guarantees.json`` from a freshly migrated
database,
and a test compares it with the code. ``verify_ledger`` compares a database in use with it and
names everything that was dropped, switched off, replaced or added.
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

FILE: Final = Path(__file__).with_name("data") / "guarantees.json"

# Kind, name and definition of each guarantee. The cache's table is excluded: it exists only where it is used.
# The portal has no rules and no row security: with either, somebody could discard writes or hide rows.
DEFINITIONS: Final = """
SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid)
FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'view ' || c.relname, pg_get_viewdef(c.oid)
FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'v'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'trigger ' || c.relname || '.' || t.tgname,
       pg_get_triggerdef(t.oid) || CASE WHEN t.tgenabled IN ('O', 'A') THEN '' ELSE ' off' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'constraint ' || c.relname || '.' || k.conname,
       pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated AND k.conenforced THEN '' ELSE ' off' END
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = current_schema()::regnamespace AND k.contype IN ('c', 'f', 'n', 'p', 'u', 'x')
    AND c.relname <> 'cache'
UNION ALL
SELECT 'index ' || c.relname, pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' off' END
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace AND i.indisunique AND c.relname <> 'cache_pkey'
UNION ALL
SELECT 'rule ' || c.relname || '.' || r.rulename, pg_get_ruledef(r.oid)
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = current_schema()::regnamespace AND r.rulename <> '_RETURN'
UNION ALL
SELECT 'row security of ' || c.relname, ''
FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity
"""

# PostgreSQL prints a list of texts differently after it has been restored from a backup.
LISTED: Final = re.compile(r"\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]")
TEXT: Final = re.compile(r"'(?:[^']|'')*'::character varying")

# PostgreSQL's own triggers for foreign keys can be switched off like any other.
SILENCED: Final = """
SELECT 'constraint ' || c.relname || '.' || k.conname
FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint JOIN pg_class c ON c.oid = k.conrelid
WHERE t.tgisinternal AND t.tgenabled NOT IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace
"""


def in_force() -> dict[str, str]:
    """The hash of the definition of every guarantee in this database, by kind and name."""
    with connection.cursor() as cursor:
        cursor.execute(DEFINITIONS)
        found = {name: _hash(definition) for name, definition in sorted(cursor.fetchall())}
        cursor.execute(SILENCED)
        return found | {name: "off" for (name,) in cursor.fetchall()}


def _hash(definition: str) -> str:
    """A hash that is the same before and after a restore."""
    reloaded = LISTED.sub(lambda listed: f"ARRAY[{TEXT.sub(r'(\g<0>)::text', listed[1])}]", definition)
    return sha256(reloaded.encode()).hexdigest()[:16]


def declared() -> dict[str, str]:
    """The hashes of the declared guarantees."""
    kept: dict[str, str] = json.loads(FILE.read_text())
    return kept


def write() -> int:
    """Store the guarantees in force as the declared ones; returns their number."""
    found = in_force()
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(found, indent=0, ensure_ascii=False) + "\n")
    return len(found)


def broken() -> Iterator[str]:
    """A sentence for each guarantee that is missing, changed, switched off, or not the portal's."""
    wanted, found = declared(), in_force()
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield _("The guarantee “%(name)s” is missing.") % {"name": name}
        elif name not in wanted:
            yield _("“%(name)s” in the database was not created by the portal.") % {"name": name}
        elif found[name] != wanted[name]:
            yield _("The guarantee “%(name)s” was changed or switched off.") % {"name": name}
