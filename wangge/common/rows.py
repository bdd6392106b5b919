"""Whole rows found, locked, stored, inserted and deleted by statements that are put together once for each table.

The ORM puts its SQL together anew for each query, which takes longer than the database needs to answer. A step on a
matter does this a dozen times; these do the same as `get()`, `select_for_update().get()`, `save()` and `bulk_create()`
in a quarter of the time. No signals are sent.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db import models as kinds
from django.db.models import Field, Model
from django.db.models.expressions import Col

from wangge.common.statements import prepared

Row = TypeVar("Row", bound=Model)
Converter = Callable[[Any], Any]


def lock(model: type[Row], pk: Any) -> Row:
    """Return the row as it is now, locked until the transaction ends; raises `model.DoesNotExist` when it is gone."""
    with prepared() as cursor:
        cursor.execute(_lock_text(model), [pk])
        values = cursor.fetchone()
    if values is None:
        raise cast(Any, model).DoesNotExist(f"{model.__name__} {pk}")
    return made_of(model, values)


def hold(model: type[Row], **exact: Any) -> Row | None:
    """Find a row and lock it until the transaction ends; who is given it knows by `is_held` that it is as it is now."""
    with prepared() as cursor:
        cursor.execute(f"{_find_text(model, tuple(exact))} FOR UPDATE", list(exact.values()))
        values = cursor.fetchone()
    if values is None:
        return None
    row = made_of(model, values)
    row.__dict__[HELD] = _transaction()
    return row


def is_held(row: Model) -> bool:
    """Tell whether `hold` locked this very row in the transaction that is under way."""
    return row.__dict__.get(HELD) is _transaction() is not None


HELD = "_held_in"


def _transaction() -> object | None:
    """The list of what is done after the transaction under way: there is another after its end, and after going back.

    Its blocks would not tell: one that decorates a function is the same at each call.
    """
    database = connections[DEFAULT_DB_ALIAS]
    return database.run_on_commit if database.in_atomic_block else None


def find(model: type[Row], **exact: Any) -> Row | None:
    """Return the row whose columns have exactly these values (none of them None), or None; for what is unique."""
    with prepared() as cursor:
        cursor.execute(_find_text(model, tuple(exact)), list(exact.values()))
        values = cursor.fetchone()
    return None if values is None else made_of(model, values)


def find_with(model: type[Row], beside: str, **exact: Any) -> Row | None:
    """The same, with the row that the foreign key `beside` points at, if it does, read in the same statement."""
    with prepared() as cursor:
        cursor.execute(_find_with_text(model, beside, tuple(exact)), list(exact.values()))
        values = cursor.fetchone()
    if values is None:
        return None
    own = len(_fields(model, key=True))
    row, other = made_of(model, values[:own]), _pointed_at(model, beside)
    if getattr(row, _field(model, beside).attname) is not None:
        setattr(row, beside, made_of(other, values[own:]))
    return row


def exists(model: type[Model], **exact: Any) -> bool:
    """Tell whether there is a row with exactly these values."""
    with prepared() as cursor:
        cursor.execute(f"SELECT 1 {_among(model, tuple(exact))} LIMIT 1", list(exact.values()))
        return cursor.fetchone() is not None


def delete(model: type[Model], **exact: Any) -> None:
    """Delete the rows with exactly these values; for tables that nothing points at."""
    with prepared() as cursor:
        cursor.execute(f"DELETE {_among(model, tuple(exact))}", list(exact.values()))


def made_of(model: type[Row], values: Sequence[Any]) -> Row:
    """Make a row of the values of `columns`, as the ORM would; what was read is remembered for `store`."""
    read = [
        convert(value) if convert else value for convert, value in zip(_readers(model), values, strict=True)
    ]
    row = model.from_db(DEFAULT_DB_ALIAS, _names(model), read)
    row.__dict__[READ] = read
    return row


READ = "_read_as"


@cache
def columns(model: type[Model]) -> str:
    """The columns of a table as text, for a statement that reads more than this row."""
    return ", ".join(_quoted(_fields(model, key=True)))


def store(row: Model) -> None:
    """Write the columns of a row that have changed since it was read; raises `DoesNotExist` when it is gone."""
    writers = _changed(row)
    if not writers:
        return
    with prepared() as cursor:
        names = tuple(name for name, *_rest in writers)
        cursor.execute(_store_text(type(row), names), [*_values(row, writers, new=False), row.pk])
        if cursor.rowcount != 1:
            raise cast(Any, type(row)).DoesNotExist(f"{type(row).__name__} {row.pk}")
    row.__dict__.pop(READ, None)


def _changed(row: Model) -> "Sequence[Writer]":
    """What differs from what was read, and what could have been changed in its place; without a reading, everything."""
    writers, read = _writers(type(row), key=True), row.__dict__.get(READ)
    if read is None:
        return _writers(type(row), key=False)
    now = row.__dict__
    return [
        writer
        for writer, before in zip(writers, read, strict=True)
        if type(before) in IN_PLACE
        or ((value := now.get(writer[0], before)) is not before and value != before)
    ]


# Values of these types may have been changed without being replaced.
IN_PLACE = frozenset({dict, list})


def insert(*rows: Row) -> None:
    """Insert rows of one table in one statement; those without a key get the one that the database gives."""
    model, given = type(rows[0]), rows[0].pk is not None
    values = [value for row in rows for value in _values(row, _writers(model, key=given), new=True)]
    with prepared() as cursor:
        cursor.execute(_insert_text(model, len(rows), given), values)
        keys = cursor.fetchall()
    for row, [key] in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


# Values of exactly these types reach the driver as they are, so that nobody need ask the field.
AS_THEY_ARE: dict[type[Field], type] = {
    kinds.CharField: str,
    kinds.TextField: str,
    kinds.SmallIntegerField: int,
    kinds.IntegerField: int,
    kinds.BigIntegerField: int,
    kinds.BigAutoField: int,
    kinds.FloatField: float,
    kinds.BooleanField: bool,
    kinds.UUIDField: UUID,
}


# The attribute of a column, the type whose values need no preparing, and who prepares the others.
Writer = tuple[str, type | None, Field]


def _values(row: Model, writers: Sequence[Writer], *, new: bool) -> list[Any]:
    database, given = connections[DEFAULT_DB_ALIAS], row.__dict__
    return [
        value
        if plain and (type(value := given.get(name, given)) is plain or value is None)
        else field.get_db_prep_save(field.pre_save(row, new), database)
        for name, plain, field in writers
    ]


@cache
def _writers(model: type[Model], *, key: bool) -> list[Writer]:
    return [(field.attname, _as_it_is(field), field) for field in _fields(model, key=key)]


def _as_it_is(field: Field) -> type | None:
    while isinstance(field, kinds.ForeignKey):
        field = field.target_field
    return AS_THEY_ARE.get(type(field))


@cache
def _fields(model: type[Model], *, key: bool) -> tuple[Field, ...]:
    return tuple(field for field in model._meta.concrete_fields if key or not field.primary_key)


@cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in _fields(model, key=True)]


@cache
def _readers(model: type[Model]) -> tuple[Converter | None, ...]:
    return tuple(_reader(model, field) for field in _fields(model, key=True))


def _reader(model: type[Model], field: Field) -> Converter | None:
    """What the ORM would do to a value of this column on its way in, if anything."""
    column = Col(model._meta.db_table, field)
    converters = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not converters:
        return None

    def read(value: Any) -> Any:
        for convert in converters:
            value = convert(value, column, connection)
        return value

    return read


def _quoted(fields: Sequence[Field]) -> list[str]:
    return [connection.ops.quote_name(str(field.column)) for field in fields]


@cache
def _lock_text(model: type[Model]) -> str:
    return f"SELECT {columns(model)} FROM {_table(model)} WHERE {_key(model)} = %s FOR UPDATE"  # noqa: S608  # names of our own tables


@cache
def _store_text(model: type[Model], names: tuple[str, ...]) -> str:
    columns = _quoted([field for field in _fields(model, key=False) if field.attname in names])
    changes = ", ".join(f"{column} = %s" for column in columns)
    return f"UPDATE {_table(model)} SET {changes} WHERE {_key(model)} = %s"  # noqa: S608


@cache
def _insert_text(model: type[Model], number: int, given: bool) -> str:
    into = _quoted(_fields(model, key=given))
    places = ", ".join([f"({', '.join(['%s'] * len(into))})"] * number)
    return f"INSERT INTO {_table(model)} ({', '.join(into)}) VALUES {places} RETURNING {_key(model)}"  # noqa: S608


@cache
def _find_text(model: type[Model], names: tuple[str, ...]) -> str:
    return f"SELECT {columns(model)} {_among(model, names)} LIMIT 1"


@cache
def _find_with_text(model: type[Model], beside: str, names: tuple[str, ...]) -> str:
    one, other = _table(model), _table(_pointed_at(model, beside))
    columns = [
        f"{_table(of)}.{column}"
        for of in (model, _pointed_at(model, beside))
        for column in _quoted(_fields(of, key=True))
    ]
    wanted = " AND ".join(f"{one}.{_column(model, name)} = %s" for name in names)
    joined = f"{other}.{_key(_pointed_at(model, beside))} = {one}.{_column(model, beside)}"
    return f"SELECT {', '.join(columns)} FROM {one} LEFT JOIN {other} ON {joined} WHERE {wanted} LIMIT 1"  # noqa: S608


@cache
def _among(model: type[Model], names: tuple[str, ...]) -> str:
    wanted = " AND ".join(f"{_column(model, name)} = %s" for name in names)
    return f"FROM {_table(model)} WHERE {wanted}"


def _column(model: type[Model], name: str) -> str:
    if name == "pk":
        return _key(model)
    return connection.ops.quote_name(str(_field(model, name).column))


def _field(model: type[Model], name: str) -> Field:
    return cast(Field, model._meta.get_field(name))


def _pointed_at(model: type[Model], beside: str) -> type[Model]:
    return cast(type[Model], _field(model, beside).related_model)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _key(model: type[Model]) -> str:
    assert model._meta.pk is not None
    return connection.ops.quote_name(str(model._meta.pk.column))
