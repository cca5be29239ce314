from django.urls import path

from standfirst.letterbox import views

app_name = "letterbox"

urlpatterns = [
    path("contact/", views.contact, name="contact"),
    path("contact/thanks/", views.contact_thanks, name="contact_thanks"),
]
