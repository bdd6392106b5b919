from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "wangge.cases"
    label = "cases"

    def ready(self) -> None:
        from wangge.accounts import moves
        from wangge.attachments import permissions as attachment_permissions
        from wangge.audit import verification
        from wangge.cases import permissions
        from wangge.cases.queries.heads import heads
        from wangge.cases.workflow import UNIT_ROLES
        from wangge.territory.queries import holds_post

        moves.register("posts in the unit", lambda account, day: holds_post(account, UNIT_ROLES, day))
        verification.register_heads(heads)
        attachment_permissions.register("report", permissions.may_see_report_id)
        attachment_permissions.register("case", permissions.may_see_case_id)
