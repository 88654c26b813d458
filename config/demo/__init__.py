"""The demo data: fictional people, organizations, two funds, three stations, a year and a half of activity.

Everything is created by the portal's own actions.
"""
