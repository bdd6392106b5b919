from django.apps import AppConfig
from django.core import checks


class CommonConfig(AppConfig):
    name = "wangge.common"
    label = "common"

    def ready(self) -> None:
        from wangge.common.privacy import every_text_field_says_what_it_holds

        checks.register(every_text_field_says_what_it_holds, checks.Tags.models)
