"""The living example: made-up people, organizations, two funds, three stations, a year and a half of life.

Everything goes through the same actions that the portal uses; nothing is written behind their back.
"""
