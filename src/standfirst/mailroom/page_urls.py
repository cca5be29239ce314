from django.urls import path

from standfirst.mailroom import views

app_name = "newsletters"

urlpatterns = [
    path("newsletters/", views.sign_up, name="sign_up"),
    path("newsletters/thanks/", views.thanks, name="thanks"),
    path("newsletters/confirm/<str:token>/", views.confirm, name="confirm"),
]
