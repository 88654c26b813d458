from django.urls import URLPattern, path

from charity_hub.workflow.views import move_urls
from donations.registers import views
from donations.registers.workflow import REGISTERS

app_name = "registers"

urlpatterns: list[URLPattern] = [
    # Registers
    path("desk/registers/", views.register_list, name="list"),
    path("desk/registers/add/", views.register_add, name="add"),
    path("desk/registers/template/", views.register_template, name="template"),
    # One register, from its columns to its gifts
    path("desk/registers/<int:pk>/", views.register_detail, name="detail"),
    path("desk/registers/<int:pk>/columns/", views.register_columns, name="columns"),
    path("desk/registers/<int:pk>/sheet/", views.register_sheet, name="sheet"),
    path("desk/registers/<int:pk>/answer/", views.register_answer, name="answer"),
    path("desk/registers/<int:pk>/import/", views.register_import, name="import"),
    path("desk/registers/<int:pk>/bad-rows/", views.register_bad_rows, name="bad_rows"),
    # Its moves
    *move_urls(REGISTERS, "desk/registers/<int:pk>/", views.register_in_scope),
]
