from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "wangge.cases"
    label = "cases"

    def ready(self) -> None:
        from wangge.accounts import moves
        from wangge.attachments import permissions as attachment_permissions
        from wangge.audit import naming, verification
        from wangge.cases import permissions
        from wangge.cases.queries.heads import heads
        from wangge.cases.queries.numbers import numbers_of_cases, numbers_of_reports
        from wangge.cases.workflow import UNIT_ROLES
        from wangge.territory.queries import holds_post

        moves.register("posts in the unit", lambda account, day: holds_post(account, UNIT_ROLES, day))
        verification.register_heads(heads)
        naming.register("case", numbers_of_cases)
        naming.register("report", numbers_of_reports)
        attachment_permissions.register("report", permissions.may_see_report_id)
        attachment_permissions.register("case", permissions.may_see_case_id)
