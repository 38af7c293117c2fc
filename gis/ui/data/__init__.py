"""The screens 数据 and 定位."""
