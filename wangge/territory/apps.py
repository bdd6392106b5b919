from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "wangge.territory"
    label = "territory"

    def ready(self) -> None:
        from wangge.audit import verification
        from wangge.territory.changes.heads import heads
        from wangge.territory.designer import chain

        verification.register_heads(heads)
        verification.register_heads(chain.heads)
