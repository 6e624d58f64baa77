from providers.recipients.urls import recipient_urls

from .people import STUDENTS

app_name = "students"
urlpatterns = recipient_urls(STUDENTS)
