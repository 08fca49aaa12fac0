"""Rollbook: course enrollments from any learning management system, in one shape."""
