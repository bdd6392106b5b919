from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "wangge.registry"
    label = "registry"

    def ready(self) -> None:
        from wangge.registry.blocks import blocks
        from wangge.territory.designer import sources

        sources.register_buildings(blocks)
