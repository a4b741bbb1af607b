"""The product's URLs, and the bare endpoint that a turn is held against."""

from django.urls import path

from benchmarks.bare import BareTurnView
from interviewer.urls import urlpatterns as product

urlpatterns = [path("bare/", BareTurnView.as_view()), *product]
