"""The component gallery: every component in every state, in demos and tests."""

from django.http import HttpRequest, HttpResponse

from kotowari.kernel.text import Text
from kotowari.web import demo, kit_samples
from kotowari.web.gates import READ
from kotowari.web.screens import render, screen


@screen("kit", path="kit/", title=Text("画面部品の見本", "Component gallery"), actions=[READ], demo_only=True)
def kit(request: HttpRequest) -> HttpResponse:
    """All components, the refusal first."""
    bars = [demo.drawn(None), demo.drawn(str(demo.summary({})))]
    return render(request, "kit.html", {**kit_samples.context(), "bars": bars})
