"""Azure OpenAI: the wire of OpenAI at the customer's own resource (`https://NAME.openai.azure.com/openai/v1/`), with `api-key`.

Models go by the name of their deployment: the option `deployments` maps model ids to them, in which region they run is
the resource's. A content filter answers 400 with `content_filter_results` per category.
"""

from __future__ import annotations

from affiche.adapters.imagers.exchange import Access
from affiche.adapters.imagers.openai import OpenAIImages
from affiche.ports import Fetcher


class AzureOpenAI(OpenAIImages):
    """Pictures by OpenAI's models on Azure."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        super().__init__(
            access, fetcher, provider="azure-openai", headers={"api-key": access.secret("key")},
            names=access.options.get("deployments"),
        )  # fmt: skip
