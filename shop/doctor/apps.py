from django.apps import AppConfig


class DoctorConfig(AppConfig):
    name = "shop.doctor"
    label = "doctor"
    verbose_name = "Doctor"
