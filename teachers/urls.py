from providers.recipients.urls import recipient_urls

from .people import TEACHERS

app_name = "teachers"
urlpatterns = recipient_urls(TEACHERS)
