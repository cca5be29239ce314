app_name = "theme"
urlpatterns: list = []
