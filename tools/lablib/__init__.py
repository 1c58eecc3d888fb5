# SPDX-License-Identifier: BSD-2-Clause
"""The lab: a point of presence in network namespaces, and what tests need around it."""
