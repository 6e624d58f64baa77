from django.urls import path

from . import row_errors, views

app_name = "batches"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/kemajuan/", views.progress, name="progress"),
    path("<int:pk>/disisihkan/", row_errors.listed, name="row_errors"),
    path("<int:pk>/disisihkan/csv/", row_errors.as_csv, name="row_errors_csv"),
    path("<int:pk>/disisihkan/xlsx/", row_errors.as_xlsx, name="row_errors_xlsx"),
    path("<int:pk>/hentikan/", views.stop, name="stop"),
    path("<int:pk>/ulangi/", views.again, name="again"),
]
