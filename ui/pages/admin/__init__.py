"""管理: what people who signed in keep the service with; one module a tab."""
