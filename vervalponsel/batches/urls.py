from django.urls import path

from . import views

app_name = "batches"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/kemajuan/", views.progress, name="progress"),
    path("<int:pk>/baris/", views.row_errors_csv, name="row_errors_csv"),
    path("<int:pk>/hentikan/", views.stop, name="stop"),
    path("<int:pk>/ulangi/", views.again, name="again"),
]
