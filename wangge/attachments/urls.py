from django.urls import path, register_converter
from django.urls.converters import StringConverter

from wangge.attachments import views
from wangge.attachments.models import Size


class SizeConverter(StringConverter):
    regex = "|".join(Size.values)


register_converter(SizeConverter, "file_size")

app_name = "attachments"
urlpatterns = [path("<uuid:attachment_id>/<file_size:size>", views.file, name="file")]
