app_name = "letterbox"
urlpatterns: list = []
