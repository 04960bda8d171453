"""Names of trees, birds and colours, with endings of place names: nobody takes them for a real patient's.

Upper case, as most 835 files carry them.
"""

# fmt: off
LAST_NAMES = (
    "ALDER", "ASH", "ASPEN", "BEECH", "BIRCH", "CEDAR", "CHERRY", "CHESTNUT", "CYPRESS", "DOGWOOD", "ELDER",
    "ELM", "FIR", "HAWTHORN", "HAZEL", "HEMLOCK", "HICKORY", "HOLLY", "HORNBEAM", "JUNIPER", "LARCH", "LAUREL",
    "LINDEN", "LOCUST", "MAGNOLIA", "MAPLE", "MULBERRY", "MYRTLE", "OAK", "OLIVE", "OSIER", "PALM", "PECAN",
    "PINE", "PLANE", "PLUM", "POPLAR", "QUINCE", "REDWOOD", "ROWAN", "SEQUOIA", "SORREL", "SPRUCE", "SUMAC",
    "SYCAMORE", "TAMARACK", "TEAK", "WALNUT", "WILLOW", "YEW",
)
PLACE_ENDINGS = ("BECK", "FIELD", "FORD", "GATE", "HILL", "LAND", "MERE", "STONE", "WORTH", "DALE")
FIRST_NAMES = (
    "AMBER", "AUBURN", "AZURE", "CORAL", "EBONY", "FAWN", "GARNET", "HAZEL", "INDIGO", "IVORY", "JADE",
    "JASPER", "LARK", "LINNET", "MARTIN", "MERLE", "ONYX", "OPAL", "PEARL", "RAVEN", "ROBIN", "RUBY", "RUSTY",
    "SABLE", "SAGE", "SAFFRON", "SCARLET", "SIENNA", "SKY", "STARLING", "STERLING", "TEAL", "UMBER", "VIOLET",
    "WREN",
)
# fmt: on
