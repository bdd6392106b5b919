from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from wangge.cases.configuration.content import published
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.linter import lint
from wangge.cases.configuration.tables import TABLES
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Say what in the published configuration contradicts itself or leads nowhere; errors exit with 1."
    example = "wangge lint config"

    def handle(self, *args: Any, **options: Any) -> None:
        content, facts = published(), Facts()
        found = lint(content, facts)
        for finding in found:
            table, row = TABLES[finding.table], content[finding.table].get(finding.key)
            title = table.title(row, facts) if row else finding.key
            mark = _("error") if finding.error else _("warning")
            self.stdout.write(f"{mark}  {table.label}: {title} – {finding.sentence}")
        errors = sum(finding.error for finding in found)
        if errors:
            raise CommandError(
                _("%(errors)d errors, %(warnings)d warnings.")
                % {"errors": errors, "warnings": len(found) - errors}
            )
        self.stdout.write(_("No errors; %(warnings)d warnings.") % {"warnings": len(found)})
