from django.urls import URLPattern, path

from . import views
from .people import People


def recipient_urls(people: People) -> list[URLPattern]:
    """The addresses of one kind of people's pages; the views are the same for both kinds."""
    whose = {"people": people}
    return [
        path("", views.listed, whose, name="list"),
        path("isi/", views.several, whose, name="several"),
        path("kepemilikan/", views.ownership, whose, name="ownership"),
        path("tidak-masuk/", views.left_out, whose, name="left_out"),
        path("perubahan/", views.changes, whose, name="changes"),
        path("tidak-masuk/<str:kind>/", views.left_out_table, whose, name="left_out_table"),
        path("perubahan/<str:kind>/", views.changes_table, whose, name="changes_table"),
        path("<int:pk>/", views.row, whose, name="row"),
        path("<int:pk>/ubah/", views.edit, whose, name="edit"),
        path("<int:pk>/cek-ulang/", views.recheck, whose, name="recheck"),
        path("<int:pk>/tegaskan/", views.confirm, whose, name="confirm"),
        path("<int:pk>/tegaskan-bersama/", views.confirm_sharing, whose, name="confirm_sharing"),
    ]
