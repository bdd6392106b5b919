"""Many tables made by one operation of a migration."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """As many `CreateModel` one after the other; their models are drawn up together.

    For each single one Django draws up again all that are tied to it by foreign keys, however far: three thousand
    classes for a hundred tables, and nearly all the time that an empty database waits.
    """

    category = OperationCategory.ADDITION

    def __init__(self, *models: CreateModel) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Return how this operation is written."""
        return type(self).__name__, self.models, {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add all models; what was drawn up is forgotten, so that the first table draws up everything once."""
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the tables."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the tables, the last one first."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Return one line for who looks at a plan."""
        return f"Create {len(self.models)} models"
