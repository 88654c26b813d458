from django.urls import URLPattern, path

from charity_hub.workflow.views import move_urls
from donations.money import donor_views, merge_views, recording_views, resident_views, views
from donations.money.workflow import GIFT, VOID_REQUEST

app_name = "gifts"

urlpatterns: list[URLPattern] = [
    # Gifts on the desk
    path("desk/gifts/", views.gift_list, name="list"),
    path("desk/gifts/add/", recording_views.gift_add, name="add"),
    path("desk/gifts/add/<str:code>/donors/", recording_views.donor_matches, name="donor_matches"),
    path("desk/gifts/acknowledgements/", views.gift_acknowledgements, name="acknowledgements"),
    path("desk/gifts/<str:number>/", views.gift_detail, name="detail"),
    *move_urls(GIFT, "desk/gifts/<str:number>/", views.gift_in_scope),
    path("desk/gifts/<str:number>/ask-to-void/", views.gift_ask_to_void, name="ask_to_void"),
    *move_urls(VOID_REQUEST, "desk/gifts/<str:number>/", views.void_request_in_scope),
    path("desk/gifts/<str:number>/amend/", views.gift_amend, name="amend"),
    path("desk/gifts/<str:number>/acknowledgement/", views.gift_acknowledgement, name="acknowledgement"),
    # Donors
    path("desk/donors/", donor_views.donor_list, name="donors"),
    path("desk/donors/<int:pk>/", donor_views.donor_detail, name="donor"),
    path("desk/donors/<int:pk>/show/<str:field>/", donor_views.donor_show, name="donor_show"),
    path("desk/donors/<int:pk>/correct/", merge_views.donor_correct, name="donor_correct"),
    path("desk/donors/<int:pk>/merge/", merge_views.donor_doubles, name="donor_doubles"),
    path("desk/donors/<int:pk>/merge/<int:other>/", merge_views.donor_merge, name="donor_merge"),
    # Residents
    path("me/gifts/", resident_views.my_gifts, name="mine"),
    path(
        "me/gifts/<str:number>/acknowledgement/", resident_views.my_acknowledgement, name="my_acknowledgement"
    ),
]
