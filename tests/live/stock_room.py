"""Small catalogues for live tests, brought in the way ops do: with `import_products`."""

from pathlib import Path

from tests.live.running_shop import RunningShop

HEADER = "handle,sku,title,description,product_class,brand,categories,price,weight_kg,stock,published"


def bring_in(shop: RunningShop, folder: Path, *, stock: dict[str, int], price: str = "20.00") -> None:
    """One product for each handle, at /p/<handle>/."""
    file = folder / "products.csv"
    rows = [
        f"{handle},{handle.upper()},{handle.replace('-', ' ').title()},A thing.,Thing,House,Things,{price},0.5,{units},yes"
        for handle, units in stock.items()
    ]
    file.write_text("\n".join([HEADER, *rows]) + "\n")
    shop.manage("import_products", str(file), "--json")
