from django.urls import path

from . import views

app_name = "providers"

urlpatterns = [
    path("", views.listed, name="ledger"),
    path("tagih/", views.chase, name="chase"),
    path("periksa/", views.review, name="review"),
    path("periksa/<int:pk>/", views.decide, name="decide"),
    path("rapor/", views.scores, name="scores"),
    path("kontak/<slug:code>/", views.contact, name="contact"),
    path("dump/", views.prepare, name="prepare"),
    path("kunci/", views.credentials, name="credentials"),
    path("kunci/buat/", views.create_credential, name="create_credential"),
    path("kunci/<int:pk>/cabut/", views.revoke_credential, name="revoke_credential"),
    path("<int:pk>/", views.detail, name="exchange"),
    path("<int:pk>/pertentangan/", views.contradictions, name="contradictions"),
    path("<int:pk>/tawarkan/", views.offer_again, name="offer_again"),
    path("<int:pk>/tutup/", views.close, name="close"),
    path("<int:pk>/arti/", views.meaning, name="meaning"),
    path("<int:pk>/baca-ulang/<int:batch>/", views.read_again, name="read_again"),
]
