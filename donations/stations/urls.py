from django.urls import URLPattern, path

from charity_hub.workflow.views import move_urls
from donations.stations import views
from donations.stations.workflow import STATION

app_name = "stations"

urlpatterns: list[URLPattern] = [
    # Anyone
    path("stations/", views.station_list, name="list"),
    path("stations/<str:code>/", views.station_detail, name="detail"),
    # The staff who keep them
    path("desk/stations/", views.desk_list, name="desk_list"),
    path("desk/stations/add/", views.add, name="add"),
    path("desk/stations/<str:code>/", views.desk_detail, name="desk_detail"),
    path("desk/stations/<str:code>/edit/", views.edit, name="edit"),
    *move_urls(STATION, "desk/stations/<str:code>/", views.station_in_scope),
]
