from django.urls import path

from .views import listing, making, papers, releasing, reviewing, scans

app_name = "sptjm"
urlpatterns = [
    path("", listing.listed, name="list"),
    path("buat/", making.make, name="make"),
    path("<int:pk>/", papers.detail, name="detail"),
    path("<int:pk>/lembar/", papers.paper, name="paper"),
    path("<int:pk>/cetak/", papers.printing, name="printing"),
    path("<int:pk>/unggah/", papers.upload, name="upload"),
    path("<int:pk>/batal/", papers.void, name="void"),
    path("<int:pk>/kembalikan/", reviewing.give_back, name="give_back"),
    path("pindaian/<int:pk>/", scans.original, name="scan"),
    path("pindaian/<int:pk>/halaman/<int:page>/", scans.picture, name="picture"),
    path("periksa/", reviewing.queue, name="queue"),
    path("periksa/<int:pk>/", reviewing.review, name="review"),
    path("kirim/", releasing.release, name="release"),
    path("kirim/<int:pk>/", releasing.release_progress, name="release_progress"),
]
