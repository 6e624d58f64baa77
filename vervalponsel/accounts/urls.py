from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("tugas/", views.switch, name="switch"),
]
