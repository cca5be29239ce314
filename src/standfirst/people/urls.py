app_name = "people_desk"
urlpatterns: list = []
